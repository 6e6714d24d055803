// The smallest server: what a cold start of the runtime itself costs.
import { createServer } from 'node:http'

createServer((_request, response) => response.end('hello')).listen(
  Number(process.argv[2]),
  '127.0.0.1',
  () => console.log('ready '),
)
