import { mkdirSync, writeFileSync } from 'node:fs'
import { findProgram, type Server, serverCore, startServer } from './command.ts'

/** nginx over a folder: files by sendfile, PUT by WebDAV, `/redirect/` as a fixed redirect. */
export interface Nginx extends Server {
  /** Default socket buffers: the reference that counts as 1. */
  readonly origin: string
  /** The same with SO_SNDBUF of 256 KiB. */
  readonly sndbufOrigin: string
}

function configuration(dir: string, port: number): string {
  const site = `
    root ${dir}/files;
    location / { dav_methods PUT; }
    location /redirect/ { return 301 http://127.0.0.1:1$request_uri; }`
  return `
daemon off; worker_processes 1; pid ${dir}/nginx.pid; error_log stderr warn; user root;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on;
  keepalive_requests 1000000000; keepalive_timeout 60s;
  client_max_body_size 0; client_body_temp_path ${dir}/temp; create_full_put_path on;
  server { listen 127.0.0.1:${port}; ${site} }
  server { listen 127.0.0.1:${port + 1} sndbuf=256k; ${site} }
}
`
}

/** Starts nginx on the servers' core, on `port` and `port + 1`. */
export async function startNginx(dir: string, port: number): Promise<Nginx> {
  mkdirSync(`${dir}/files`, { recursive: true })
  mkdirSync(`${dir}/temp`, { recursive: true })
  const file = `${dir}/nginx.conf`
  writeFileSync(file, `${configuration(dir, port)}`)
  const server = await startServer({
    command: 'sh',
    // nginx says nothing when it serves; the first answer does.
    args: [
      '-c',
      `${findProgram('nginx')} -c ${file} & p=$!; trap 'kill $p; wait $p' TERM
       until curl -s -o /dev/null http://127.0.0.1:${port}/redirect/; do sleep 0.05; done
       echo 'ready '; wait $p`,
    ],
    core: serverCore,
    readyText: 'ready ',
  })
  return {
    origin: `http://127.0.0.1:${port}`,
    sndbufOrigin: `http://127.0.0.1:${port + 1}`,
    stop: server.stop,
  }
}
