import type { MountpathAction } from '@aistore-ts/sdk/cluster-nodes.ts'
import { type FlagSpec, flag } from '../../arguments/flag-spec.ts'
import { missingArguments, UsageError } from '../../arguments/usage-error.ts'
import { findNode, nodeName, readSmap } from '../../cluster/smap.ts'
import type { Command, Context } from '../../command.ts'
import { printLine } from '../../output/messages.ts'

const noResilver = flag.switch('no-resilver', 'leave objects where they are on the other disks')

const label = flag.text('label', 'name of the disk’s kind, to tell it from others')

/** One thing to do with a disk. */
interface Change {
  readonly word: string
  readonly action: MountpathAction
  readonly summary: string
  readonly done: string
  readonly flags: readonly FlagSpec[]
}

const changes: readonly Change[] = [
  {
    word: 'attach',
    action: 'attach-mp',
    summary: 'Give targets more disks',
    done: 'is now attached',
    flags: [label],
  },
  {
    word: 'detach',
    action: 'detach-mp',
    summary: 'Take disks from targets',
    done: 'is now detached',
    flags: [noResilver],
  },
  {
    word: 'enable',
    action: 'enable-mp',
    summary: 'Use disks again',
    done: 'is now enabled',
    flags: [],
  },
  {
    word: 'disable',
    action: 'disable-mp',
    summary: 'Stop using disks that stay with their targets',
    done: 'is now disabled',
    flags: [noResilver],
  },
  {
    word: 'rescan-disks',
    action: 'rescan-mp',
    summary: 'Look whether disks came or went',
    done: 'is now re-scanned for attached and/or lost disks (found neither)',
    flags: [noResilver],
  },
]

async function run(context: Context, { action, done }: Change): Promise<void> {
  const { args, client, flags, signal } = context
  if (args.length === 0) throw missingArguments('TARGET_ID=MOUNTPATH')
  const smap = readSmap(await client.cluster.smap(undefined, signal))
  const disks = args.map((word) => {
    const at = word.indexOf('=')
    if (at < 1 || at === word.length - 1) {
      throw new UsageError(
        `invalid key=value pair ${JSON.stringify(word)}, expecting TARGET_ID=MOUNTPATH`,
      )
    }
    const node = findNode(smap, word.slice(0, at))
    if (node.type !== 'target') throw new UsageError(`${nodeName(node)} is not a target`)
    return { node, path: word.slice(at + 1) }
  })
  for (const { node, path } of disks) {
    const options = { noResilver: flags.has('no-resilver'), label: flags.text('label'), signal }
    await client.cluster.nodes.changeMountpath(node.id, action, path, options)
    printLine(context, `${nodeName(node)}: mountpath "${path}" ${done}`)
  }
}

/** `storage mountpath attach | detach | enable | disable | rescan-disks` */
export const mountpathChanges: readonly Command[] = changes.map((change) => ({
  path: `storage mountpath ${change.word}`,
  summary: change.summary,
  usage: 'TARGET_ID=MOUNTPATH [TARGET_ID=MOUNTPATH...]',
  flags: change.flags,
  run: (context) => run(context, change),
}))
