import type { Capability } from '../model/capability.ts'
import type { CapabilityResult } from '../model/report.ts'
import { runCase } from './run-case.ts'
import type { StepContext } from './run-step.ts'

/**
 * Asks the endpoint for each capability.
 * @param absent ids declared absent by whoever started the run
 */
export async function probeCapabilities(
  capabilities: readonly Capability[],
  absent: ReadonlySet<string>,
  run: string,
  context: StepContext,
): Promise<CapabilityResult[]> {
  const results: CapabilityResult[] = []
  for (const [index, capability] of capabilities.entries()) {
    const missing = await findMissing(capability, `${run}p`, index, context)
    results.push({
      id: capability.id,
      present: missing === undefined,
      declaredAbsent: absent.has(capability.id),
      reason: missing ?? 'probed',
    })
  }
  return results
}

async function findMissing(
  capability: Capability,
  run: string,
  serial: number,
  context: StepContext,
): Promise<string | undefined> {
  const { probe } = capability
  if ('targetsMin' in probe) {
    const count = context.map.targets.length
    return count >= probe.targetsMin ? undefined : `${count} of ${probe.targetsMin} targets`
  }
  const subject = {
    id: `capability-${capability.id}`,
    features: [],
    kind: 'observed',
    source: capability.title,
    steps: probe.steps,
  } as const
  return runCase(subject, { run, serial }, context)
}
