import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { flatten } from '../../arguments/key-values.ts'
import { CommandError, missingArguments } from '../../arguments/usage-error.ts'
import type { Command } from '../../command.ts'
import { printLine } from '../../output/messages.ts'

const usage = `BUCKET/OBJECT_NAME JSON_SPECIFICATION | KEY=VALUE [KEY=VALUE...]`

export const objectSetCustom: Command = {
  path: 'object set-custom',
  summary: 'Set custom properties of an object',
  usage,
  flags: [flag.switch('set-new-custom', 'drop the custom properties that are there')],
  async run(context) {
    const [uri, ...pairs] = context.args
    if (uri === undefined) throw missingArguments(usage)
    const { bck, name } = parseObject(uri, context.config.default_provider)
    if (pairs.length === 0) throw missingArguments('property key-value pairs')
    const object = context.client.bucket(bck).object(name)
    await object.setCustomProps(Object.fromEntries(parsePairs(pairs)), {
      replace: context.flags.has('set-new-custom'),
      signal: context.signal,
    })
    printLine(
      context,
      `Custom props successfully updated (to show updates, run 'ais show object ${object.cname} --props=all').`,
    )
  },
}

function parsePairs(args: readonly string[]): [string, string][] {
  const [first = ''] = args
  if (args.length === 1 && first.trimStart().startsWith('{')) {
    try {
      return flatten(JSON.parse(first))
    } catch (error) {
      throw new CommandError(`invalid JSON: ${error instanceof Error ? error.message : ''}`)
    }
  }
  return args.map((pair) => {
    const at = pair.indexOf('=')
    if (at > 0) return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
    throw new CommandError(
      `invalid custom property ${JSON.stringify(pair)} (tip: use syntax key1=value1 key2=value2 ...)`,
    )
  })
}
