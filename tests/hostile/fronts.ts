import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What clients reach servers through. */
export interface Front {
  /** Its ports, in the order of the servers behind it. */
  readonly ports: readonly number[]
  stop(): Promise<void>
}

interface FrontProgram {
  readonly name: string
  /** Its configuration, and how it is started with that in the file `path`. */
  config(pairs: readonly (readonly [port: number, server: number])[], folder: string): string
  command(path: string): readonly string[]
}

const nginx: FrontProgram = {
  name: 'nginx',
  config: (pairs, folder) => `
daemon off; worker_processes 1; pid ${folder}/pid; error_log /dev/null; user root;
events { worker_connections 256; }
http {
  access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  ${pairs
    .map(
      ([port, server]) => `
  upstream at${server} { server 127.0.0.1:${server} max_fails=0; keepalive 1; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://at${server}; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host localhost; proxy_request_buffering off;
    }
  }`,
    )
    .join('')}
}
`,
  command: (path) => ['nginx', '-c', path],
}

const haproxy: FrontProgram = {
  name: 'haproxy',
  config: (pairs) => `
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
  http-reuse always
${pairs
  .map(
    ([port, server]) => `
listen at${server}
  bind 127.0.0.1:${port}
  server only 127.0.0.1:${server} pool-max-conn 1
`,
  )
  .join('')}
`,
  command: (path) => ['haproxy', '-db', '-f', path],
}

/** Those that keep connections to servers, and have requests of many clients follow one another on them. */
export const frontPrograms: readonly FrontProgram[] = [nginx, haproxy]

export function isInstalled({ name }: Pick<FrontProgram, 'name'>): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** Starts it before servers, at the same number of ports from `firstPort`. @throws Error it ended */
export async function startFront(
  program: FrontProgram,
  servers: readonly number[],
  firstPort: number,
): Promise<Front> {
  const folder = await mkdtemp(join(tmpdir(), 'aistore-front-'))
  const path = join(folder, 'config')
  const pairs = servers.map((server, at) => [firstPort + at, server] as const)
  await writeFile(path, program.config(pairs, folder))
  const [command = '', ...args] = program.command(path)
  const child: ChildProcess = spawn(command, args, { stdio: 'ignore' })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  for (const [port] of pairs) {
    while (!(await answers(port))) {
      if (child.exitCode !== null) throw new Error(`${program.name} ended with ${child.exitCode}`)
    }
  }
  return {
    ports: pairs.map(([port]) => port),
    async stop() {
      child.kill('SIGTERM')
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}
