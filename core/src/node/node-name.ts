import type { Snode } from '../cluster/snode.ts'

/** `p[id]` or `t[id]`, as nodes are named in errors, logs and listings. */
export function nodeName(snode: Pick<Snode, 'daemonId' | 'daemonType'>): string {
  return `${snode.daemonType === 'proxy' ? 'p' : 't'}[${snode.daemonId}]`
}
