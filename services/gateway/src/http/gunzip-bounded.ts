import { gunzip } from 'node:zlib';

/** Decompresses gzip, or gives undefined where it is none or exceeds the limit: a small body may hold a bomb. */
export async function gunzipBounded(body: Buffer, limitBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    gunzip(body, { maxOutputLength: limitBytes }, (error, plain) =>
      resolve(error === null ? plain : undefined),
    );
  });
}
