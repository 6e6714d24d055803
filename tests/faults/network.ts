import { shell, tidy } from './shell.ts'

/** A network of machines within this one: namespaces on a bridge, each with its own address. Needs root. */
export interface Network {
  /** Address of the observer, who is never cut off. */
  readonly observer: string
  addressOf(machine: number): string
  /** Prefix of a command line that runs on the machine. */
  on(machine: number): readonly string[]
  /** Packets of `from` no longer reach `to`. */
  cut(from: number, to: number): Promise<void>
  /** No packet passes between the groups, in either direction. */
  partition(...groups: readonly (readonly number[])[]): Promise<void>
  /** So many percent of the packets that reach any machine are lost. */
  lose(percent: number): Promise<void>
  /** Of the packets among these machines so many percent end their connection with a TCP reset. */
  reset(machines: readonly number[], percent: number): Promise<void>
  /** Everything passes again. */
  heal(): Promise<void>
  remove(): Promise<void>
}

/** Why no network can be made here; `undefined` when one can. */
export async function whyNoNetwork(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  for (const tool of ['ip', 'nft']) {
    try {
      await shell(tool, '-V')
    } catch {
      return `the program ${tool} is missing (Debian: iproute2, nftables)`
    }
  }
  const probe = `aisf-probe-${process.pid}`
  try {
    await shell('ip', 'netns', 'add', probe)
    await shell('ip', 'netns', 'exec', probe, 'nft', 'add', 'table', 'inet', 'faults')
    await shell('ip', 'link', 'add', `aisf${process.pid}p`, 'type', 'bridge')
    return undefined
  } catch (error) {
    const why = error instanceof Error ? error.message.trim() : String(error)
    return `no network namespaces here: ${why}`
  } finally {
    await tidy('ip', 'netns', 'del', probe)
    await tidy('ip', 'link', 'del', `aisf${process.pid}p`)
  }
}

/** Networks of different numbers do not meet: so several runs can go side by side. */
export const networksMax = 100

/** @param number 0 to `networksMax` - 1; what an earlier run of that number left is removed */
export async function createNetwork(number: number, machines: number): Promise<Network> {
  const bridge = `aisf${number}-br`
  const subnet = `10.77.${number}`
  const observer = `${subnet}.1`
  const nameOf = (machine: number) => `aisf${number}-${machine}`
  const addressOf = (machine: number) => `${subnet}.${machine + 10}`

  async function nft(machine: number, ...rule: readonly string[]): Promise<void> {
    await shell('ip', 'netns', 'exec', nameOf(machine), 'nft', ...rule)
  }

  async function removeAll(): Promise<void> {
    for (let machine = 0; machine < machines; machine++) {
      await tidy('ip', 'netns', 'del', nameOf(machine))
      await tidy('ip', 'link', 'del', `${nameOf(machine)}v`)
    }
    await tidy('ip', 'link', 'del', bridge)
  }

  await removeAll()
  await shell('ip', 'link', 'add', bridge, 'type', 'bridge')
  await shell('ip', 'addr', 'add', `${observer}/24`, 'dev', bridge)
  await shell('ip', 'link', 'set', bridge, 'up')
  for (let machine = 0; machine < machines; machine++) {
    const name = nameOf(machine)
    await shell('ip', 'netns', 'add', name)
    await shell(
      'ip',
      'link',
      'add',
      `${name}v`,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      name,
    )
    await shell('ip', 'link', 'set', `${name}v`, 'master', bridge, 'up')
    const inside = ['netns', 'exec', name, 'ip']
    await shell('ip', ...inside, 'addr', 'add', `${addressOf(machine)}/24`, 'dev', 'eth0')
    await shell('ip', ...inside, 'link', 'set', 'eth0', 'up')
    await shell('ip', ...inside, 'link', 'set', 'lo', 'up')
    await nft(machine, 'add', 'table', 'inet', 'faults')
    const hook = '{ type filter hook input priority 0 ; }'
    await nft(machine, 'add', 'chain', 'inet', 'faults', 'input', hook)
  }
  const drop = (from: number, to: number) =>
    nft(to, 'add', 'rule', 'inet', 'faults', 'input', 'ip', 'saddr', addressOf(from), 'drop')
  return {
    observer,
    addressOf,
    on: (machine) => ['ip', 'netns', 'exec', nameOf(machine)],
    cut: drop,
    async partition(...groups) {
      for (const [at, group] of groups.entries()) {
        for (const other of groups.filter((_, index) => index !== at).flat()) {
          for (const machine of group) await drop(other, machine)
        }
      }
    },
    async lose(percent) {
      const chance = ['numgen', 'random', 'mod', '100', '<', String(percent), 'drop']
      for (let machine = 0; machine < machines; machine++) {
        const peers = ['ip', 'saddr', `${subnet}.0/24`, 'ip', 'saddr', '!=', observer]
        await nft(machine, 'add', 'rule', 'inet', 'faults', 'input', ...peers, ...chance)
      }
    },
    async reset(among, percent) {
      const chance = ['numgen', 'random', 'mod', '100', '<', String(percent)]
      for (const to of among) {
        for (const from of among.filter((machine) => machine !== to)) {
          const packets = ['ip', 'saddr', addressOf(from), 'meta', 'l4proto', 'tcp']
          const rule = [...packets, ...chance, 'reject', 'with', 'tcp', 'reset']
          await nft(to, 'add', 'rule', 'inet', 'faults', 'input', ...rule)
        }
      }
    },
    async heal() {
      for (let machine = 0; machine < machines; machine++) {
        await nft(machine, 'flush', 'chain', 'inet', 'faults', 'input')
      }
    },
    remove: removeAll,
  }
}
