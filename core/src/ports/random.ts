/** Chance, fit for secrets and jitter alike: the runtime's in a daemon, a seed in simulation. */
export interface Random {
  bytes(length: number): Uint8Array
}
