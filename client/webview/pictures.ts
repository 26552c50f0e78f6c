// The trace in the formats that leave the panel: text in several notations, and pixels.
import { svg } from '../../server/src/diagram/svg.ts';
import type { StoryOptions } from '../../server/src/diagram/story.ts';
import { textDiagram } from '../../server/src/diagram/text.ts';
import { mermaid } from '../../server/src/export/mermaid.ts';
import { plantuml } from '../../server/src/export/plantuml.ts';
import { printTrace } from '../../server/src/trace/print.ts';
import type { Trace } from '../../server/src/trace/trace.ts';
import type { CopyFormat } from './protocol.ts';

const MAIL_WIDTH = 72;
/** Sharp on screens with two pixels to a point. */
const PNG_SCALE = 2;

export function copied(trace: Trace, as: CopyFormat, options: StoryOptions): string {
  switch (as) {
    case 'mail':
      return textDiagram(trace, { width: MAIL_WIDTH });
    case 'text':
      return printTrace(trace, { where: () => '' });
    case 'mermaid':
      return mermaid(trace);
    case 'plantuml':
      return plantuml(trace);
    case 'svg':
      return svg(trace, options);
  }
}

/** The SVG as a PNG, base64. Rejects where the browser cannot draw it. */
export async function png(source: string): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * PNG_SCALE;
  canvas.height = image.naturalHeight * PNG_SCALE;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas to draw on');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '');
}
