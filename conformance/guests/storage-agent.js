// Does with files what it is told. Plain Node, listens on 8080, knows nothing of us.
const http = require('node:http')
const fs = require('node:fs')
const { execFileSync } = require('node:child_process')

const deeds = {
  write: ({ path, text }) => fs.writeFileSync(path, text),
  read: ({ path }) => fs.readFileSync(path, 'utf8'),
  list: ({ path }) => fs.readdirSync(path),
  sh: ({ command }) => execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8', stdio: 'pipe' }),
  fill({ path, mebibytes }) {
    const piece = Buffer.alloc(1 << 20, 'x')
    for (let written = 0; written < mebibytes; written += 1) fs.appendFileSync(path, piece)
  },
}

http
  .createServer((request, response) => {
    if (request.url === '/ping') return response.end('{"status":"Healthy"}')
    let text = ''
    request.on('data', (piece) => (text += piece))
    request.on('end', () => {
      const wish = JSON.parse(text)
      let answer
      try {
        answer = { value: deeds[wish.do](wish) ?? null }
      } catch (error) {
        answer = { failed: error.code ?? error.message }
      }
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(answer))
    })
  })
  .listen(8080)
