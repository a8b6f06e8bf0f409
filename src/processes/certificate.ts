/**
 * A certificate for a server of our own on 127.0.0.1, made when it is needed and kept nowhere.
 *
 * Rule: X.509 version 3, self-signed, P-256, valid for a day: no more than a TLS client asks for (RFC 5280 4.1).
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** Key and certificate as PEM; the certificate is its own authority. */
export interface Certified {
  key: string;
  cert: string;
}

const HOST = 'localhost';
const ADDRESS = Buffer.from([127, 0, 0, 1]);
const DAY_MS = 86_400_000;

const SEQUENCE = 0x30;
const SET = 0x31;
const OID = {
  commonName: '550403',
  subjectAltName: '551d11',
  basicConstraints: '551d13',
  ecdsaWithSha256: '2a8648ce3d040302',
} as const;

/** Makes a key and a certificate for localhost and 127.0.0.1. */
export function selfSigned(): Certified {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(SEQUENCE, oid('ecdsaWithSha256'));
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, oid('commonName'), der(0x0c, Buffer.from(HOST)))));
  const names = der(SEQUENCE, der(0x82, Buffer.from(HOST)), der(0x87, ADDRESS));
  const nowMs = Date.now();
  const toBeSigned = der(
    SEQUENCE,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    name,
    der(SEQUENCE, time(nowMs - DAY_MS / 2), time(nowMs + DAY_MS / 2)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      der(
        SEQUENCE,
        der(SEQUENCE, oid('subjectAltName'), der(0x04, names)),
        der(SEQUENCE, oid('basicConstraints'), der(0x04, der(SEQUENCE, der(0x01, Buffer.from([0xff]))))),
      ),
    ),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const whole = der(SEQUENCE, toBeSigned, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}

/** One value in DER: tag, length, content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function oid(name: keyof typeof OID): Buffer {
  return der(0x06, Buffer.from(OID[name], 'hex'));
}

/** Such as 261127171435Z. */
function time(ms: number): Buffer {
  return der(
    0x17,
    Buffer.from(
      new Date(ms)
        .toISOString()
        .replace(/\.\d+|[-:T]/g, '')
        .slice(2),
    ),
  );
}
