#!/usr/bin/env node
// The sources are TypeScript: they need a Node that strips types. An older one looks for the project's own.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'

const nodeMajorMin = 24

if (Number(process.versions.node.split('.')[0]) >= nodeMajorMin) {
  const { enableCompileCache } = await import('node:module')
  enableCompileCache()
  await import('../src/aisnode.ts')
} else {
  const platform = `node-${process.platform}-${process.arch}`
  let node
  try {
    node = createRequire(import.meta.url).resolve(`${platform}/bin/node`)
  } catch {
    console.error(
      `aisnode needs Node ${nodeMajorMin} or newer; this is ${process.version}, and the package ${platform} is not installed.`,
    )
    process.exit(1)
  }
  const child = spawn(node, [process.argv[1], ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))
}
