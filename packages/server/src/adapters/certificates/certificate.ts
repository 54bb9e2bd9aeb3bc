// One X.509 certificate: the fields that today's clients insist on, written by the ASN.1 library, signed by Node.
import { createHash, type KeyObject, sign } from 'node:crypto'
import { isIP } from 'node:net'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
  KeyUsage,
  KeyUsageFlags,
  Name,
  NameConstraints,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'

export interface KeyPair {
  publicKey: KeyObject
  privateKey: KeyObject
}

export interface CertificateInput {
  subject: string
  issuer: string
  publicKey: KeyObject
  /** The issuer's. */
  signer: KeyPair
  /** 16 random bytes. */
  serial: Buffer
  from: Date
  to: Date
  /** An authority may sign for the names and addresses that it is permitted; a server has names and addresses. */
  use: { permitted: readonly string[] } | { names: readonly string[] }
}

const commonName = '2.5.4.3'
const ecdsaWithSha256 = '1.2.840.10045.4.3.2'

/** PEM. */
export function certificate({ subject, issuer, publicKey, signer, serial, from, to, use }: CertificateInput): string {
  const algorithm = new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 })
  // A positive integer, as RFC 5280 wants it: its first bit is clear, and it is never shortened.
  const serialNumber = Buffer.from(serial)
  serialNumber[0] = ((serialNumber[0] ?? 0) & 0x3f) | 0x40
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: bytes(serialNumber),
    signature: algorithm,
    issuer: named(issuer),
    validity: new Validity({ notBefore: from, notAfter: to }),
    subject: named(subject),
    subjectPublicKeyInfo: AsnConvert.parse(bytes(spki(publicKey)), SubjectPublicKeyInfo),
    extensions: new Extensions([
      extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyId(publicKey))),
      extension(id_ce_authorityKeyIdentifier, new AuthorityKeyIdentifier({ keyIdentifier: new SubjectKeyIdentifier(keyId(signer.publicKey)) })),
      ...('permitted' in use ? authority(use.permitted) : server(use.names)),
    ]),
  })
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(tbsCertificate)), signer.privateKey)
  const whole = new Certificate({ tbsCertificate, signatureAlgorithm: algorithm, signatureValue: bytes(signature) })
  return pem(Buffer.from(AsnConvert.serialize(whole)))
}

function authority(permitted: readonly string[]): Extension[] {
  const permittedSubtrees = new GeneralSubtrees(permitted.map((base) => new GeneralSubtree({ base: generalName(base) })))
  return [
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: true, pathLenConstraint: 0 }), 'critical'),
    extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign), 'critical'),
    extension(id_ce_nameConstraints, new NameConstraints({ permittedSubtrees }), 'critical'),
  ]
}

function server(names: readonly string[]): Extension[] {
  return [
    extension(id_ce_basicConstraints, new BasicConstraints(), 'critical'),
    extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), 'critical'),
    extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth])),
    extension(id_ce_subjectAltName, new SubjectAlternativeName(names.map(generalName))),
  ]
}

/** An address, a range of addresses with its mask, or a name. */
const generalName = (name: string) => new GeneralName(isIP(name.split('/', 1)[0] ?? '') > 0 ? { iPAddress: name } : { dNSName: name })

function extension(extnID: string, value: object, critical?: 'critical'): Extension {
  return new Extension({ extnID, critical: critical !== undefined, extnValue: new OctetString(AsnConvert.serialize(value)) })
}

function named(name: string): Name {
  const value = new AttributeValue({ utf8String: name })
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: commonName, value })])])
}

const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' })
const keyId = (key: KeyObject) => bytes(createHash('sha1').update(spki(key)).digest())

function bytes(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer
}

function pem(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`
}
