import * as names from './names';
import type { Person } from './person';

/** A file as a person chooses it. */
export type Chosen = { name: string; mimeType: string; buffer: Buffer };

/** Chooses files for the next message. */
export const chooses = (person: Person, ...files: Chosen[]) => names.attachFiles(person.page).setInputFiles(files);

export const text = (name: string, words: string): Chosen => ({ name, mimeType: 'text/plain', buffer: Buffer.from(words) });

/** A picture that a camera has made, in one colour after the other. */
export async function photograph(person: Person, name: string, [width, height] = [64, 48]): Promise<Chosen> {
  const base64 = await person.page.evaluate(
    async ([width, height]) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d')!;
      for (let x = 0; x < width; x++) {
        context.fillStyle = `hsl(${180 + (90 * x) / width} 60% ${30 + (40 * x) / width}%)`;
        context.fillRect(x, 0, 1, height);
      }
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer());
      let binary = '';
      for (const byte of bytes) binary += String.fromCharCode(byte);
      return btoa(binary);
    },
    [width, height] as const,
  );
  return { name, mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') };
}
