import type { ControlPlane } from '@aistore-ts/core/cluster/control/control-plane.ts'
import type { Clock } from '@aistore-ts/core/ports/clock.ts'

/** The longest pause between two looks at how many targets have come, ms. */
const lookMs = 100

/** Resolves when so many targets are in the map, when `timeout.startup_time` is over, or when the node stops. */
export async function awaitTargets(
  expected: number,
  control: ControlPlane,
  clock: Clock,
  stopping: AbortSignal,
): Promise<void> {
  const { metadata } = control
  const deadline = clock.monotonic() + metadata.config().timeout.startup_time
  for (;;) {
    const left = deadline - clock.monotonic()
    if (metadata.smap().targets.size >= expected || left <= 0 || stopping.aborted) return
    await control.change(Math.min(left, lookMs))
  }
}
