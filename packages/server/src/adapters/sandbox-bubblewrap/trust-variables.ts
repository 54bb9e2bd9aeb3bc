// How programs inside are told whom to trust. Not by NODE_EXTRA_CA_CERTS: Node reads that file at each start, whether it speaks TLS or not.
import { trustedPath } from './host-layout.js'

/** The agent's own choices stand. */
export function withTrust(env: Readonly<Record<string, string>>): Record<string, string> {
  const { NODE_OPTIONS = '' } = env
  // Node then takes SSL_CERT_FILE, and reads it at its first connection by TLS.
  const asksOpenssl = env.SSL_CERT_FILE === undefined && !/--use-(openssl|bundled|system)-ca/.test(NODE_OPTIONS)
  return {
    SSL_CERT_FILE: trustedPath,
    AWS_CA_BUNDLE: trustedPath,
    REQUESTS_CA_BUNDLE: trustedPath,
    ...env,
    ...(asksOpenssl ? { NODE_OPTIONS: `${NODE_OPTIONS} --use-openssl-ca`.trim() } : {}),
  }
}
