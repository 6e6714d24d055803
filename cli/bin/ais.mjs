#!/usr/bin/env node
// The sources are TypeScript: they need a Node that strips types. An older one looks for the project's own.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'

const nodeMajorMin = 24

if (Number(process.versions.node.split('.')[0]) >= nodeMajorMin) {
  const { enableCompileCache } = await import('node:module')
  enableCompileCache()
  // Ctrl-C ends transfers in order and the command with 0; the second one, or a second's delay, at once.
  const interrupt = new AbortController()
  process.on('SIGINT', () => {
    if (interrupt.signal.aborted) process.exit(0)
    interrupt.abort(new Error('interrupted'))
    setTimeout(() => process.exit(0), 1000).unref()
  })
  // A reader that went away, such as `head`, is no error.
  process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  const { main } = await import('../src/main.ts')
  process.exitCode = await main(process.argv.slice(2), process.env, interrupt.signal)
} else {
  const platform = `node-${process.platform}-${process.arch}`
  let node
  try {
    node = createRequire(import.meta.url).resolve(`${platform}/bin/node`)
  } catch {
    console.error(
      `ais needs Node ${nodeMajorMin} or newer; this is ${process.version}, and the package ${platform} is not installed.`,
    )
    process.exit(1)
  }
  const child = spawn(node, [process.argv[1], ...process.argv.slice(2)], { stdio: 'inherit' })
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))
}
