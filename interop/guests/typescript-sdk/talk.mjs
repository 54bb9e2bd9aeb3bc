// The official RuntimeClient opens an agent's WebSocket: ARN and session id as arguments, what the agent said on standard output.
import { connect } from 'node:net'
import { RuntimeClient } from 'bedrock-agentcore/runtime'
import { WebSocket } from 'ws'

const [runtimeArn, sessionId] = process.argv.slice(2)
const client = new RuntimeClient()
const platform = new URL(process.env.BEDROCK_AGENTCORE_DATA_PLANE_ENDPOINT)

const { url, headers } = await client.generateWsConnection({ runtimeArn, sessionId })
await talk(new WebSocket(url, { headers }), 'signed')

// The client leaves the port out and asks for TLS: the bytes are sent where the platform is, with the Host that was signed.
const presigned = new URL(await client.generatePresignedUrl({ runtimeArn, sessionId, endpointName: 'DEFAULT' }))
presigned.protocol = 'ws:'
await talk(new WebSocket(presigned, { createConnection: () => connect(platform.port, platform.hostname) }), 'presigned')

function talk(socket, word) {
  return new Promise((resolve, reject) => {
    socket.on('open', () => socket.send(word))
    socket.on('message', (data) => {
      console.log(String(data))
      socket.close()
    })
    socket.on('close', resolve)
    socket.on('error', reject)
  })
}
