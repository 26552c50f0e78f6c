// A standalone SVG of a trace: for READMEs, slides and `trace --as svg`. It brings its own style and follows the reader's light or dark setting.
import type { Trace } from '../trace/trace.ts';
import { headerShapes, pictureShapes, rowShapes, type Shape } from './draw.ts';
import { stripShapes } from './drawStrip.ts';
import { FOLDED, layout } from './layout.ts';
import type { StoryOptions } from './story.ts';
import { stripOf } from './strip.ts';

export function svg(trace: Trace, options: StoryOptions = FOLDED): string {
  const diagram = layout(trace, options);
  const strip = stripOf(trace);
  const width = Math.max(diagram.width, strip?.width ?? 0);
  const height = diagram.height + (strip?.height ?? 0);
  const title = `${trace.verdict.kind}: ${trace.verdict.message}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...headerShapes(diagram).map(write),
    ...rowShapes(diagram).map(write),
    ...pictureShapes(diagram).map(write),
    ...(strip === null ? [] : stripShapes(strip, diagram.height).map(write)),
    '</svg>\n',
  ].join('\n');
}

function write(shape: Shape): string {
  const attributes = Object.entries(shape.attributes)
    .map(([name, value]) => ` ${name}="${escape(String(value))}"`)
    .join('');
  // Spaces at the ends of a text are none of its content; the room is the layout's.
  const inside = (shape.text === undefined ? '' : escape(shape.text)) + (shape.children ?? []).map(write).join('');
  return inside === '' ? `<${shape.tag}${attributes}/>` : `<${shape.tag}${attributes}>${inside}</${shape.tag}>`;
}

function escape(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd');
}

const STYLE = `
svg{--paper:#fff;--ink:#1f2328;--dim:#656d76;--faint:#d0d7de;--wash:#f6f8fa;--alive:#0969da;--dead:#cf222e;--bar:#ddf4ff;--bar-edge:#54aeff;--amber:#9a6700}
@media (prefers-color-scheme:dark){svg{--paper:#0d1117;--ink:#e6edf3;--dim:#8d96a0;--faint:#30363d;--wash:#161b22;--alive:#58a6ff;--dead:#ff7b72;--bar:#1c3a5e;--bar-edge:#388bfd;--amber:#d29922}}
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--ink)}
.paper{fill:var(--paper)}
.lane-box{fill:var(--wash);stroke:var(--faint)}.lane-kind{font-size:10px;fill:var(--dim)}.lane-title{font-size:13px;font-weight:600}
.row{fill:transparent}.row.violation{fill:var(--dead);fill-opacity:.12}.row.verdict{fill:var(--dead);fill-opacity:.07}
.turn{stroke:var(--faint);stroke-dasharray:1 4}
.lifeline{stroke-width:1}.lifeline.actor{stroke:var(--faint);stroke-width:1.5}.lifeline.alive{stroke:var(--alive);stroke-width:2;stroke-opacity:.55}.lifeline.focus{stroke-opacity:1;stroke-width:3}
.lifeline.dead{stroke:var(--dead);stroke-width:2;stroke-dasharray:5 4}.lifeline.unborn{stroke:var(--faint);stroke-dasharray:1 5}
.bar{fill:var(--bar);stroke:var(--bar-edge)}.bar.library{fill:var(--wash);stroke:var(--dim)}.bar.gone{fill:var(--paper);stroke:var(--dead);stroke-dasharray:3 2}.bar.text{fill:var(--bar);stroke:var(--bar-edge)}
.bar.blocked{fill:var(--paper);stroke:var(--amber);stroke-dasharray:3 2}.hatch{stroke:var(--amber);fill:none}
.arrow{stroke:var(--dim);fill:var(--dim)}.to-alloc,.to-call{stroke:var(--alive);fill:var(--alive)}.to-free,.to-access{stroke:var(--dead);fill:var(--dead);stroke-width:1.5}
.to-wake{stroke-dasharray:4 3}.tip{stroke:none}.tip.open{fill:none;stroke:var(--dim);stroke-dasharray:none}
.mark.birth{fill:var(--paper);stroke:var(--alive);stroke-width:2.5}.mark.death{stroke:var(--dead);stroke-width:3;fill:none;stroke-linecap:round}
.burst,.sign{fill:var(--dead);stroke:var(--paper);stroke-width:1.5}.stuck .sign,.refused .sign{fill:var(--amber)}.bang,.sign-bar{stroke:var(--paper);stroke-width:2.2;fill:none}
.label{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
.label.call{font-weight:600}.label.fold,.label.number{font-size:10.5px;fill:var(--dim);font-weight:400}.label.library{fill:var(--dim)}
.label.wait{font-size:10.5px;fill:var(--amber);font-style:italic}.label.effect{font-size:10.5px;fill:var(--dim)}.label.life{font-size:10.5px;fill:var(--alive)}
.label.life.violation{fill:var(--dead)}.label.step.violation,.label.call.violation{fill:var(--dead);font-weight:700}.label.verdict{fill:var(--ink);font-weight:600;stroke:none}
.strip-edge{stroke:var(--faint)}.instant{stroke:var(--faint);stroke-dasharray:1 5}.rule{stroke:var(--amber)}.rule.roll-over,.rule.unplug{stroke:var(--dead);stroke-dasharray:5 3}.rule.expiry,.rule.alarm{stroke:var(--alive);stroke-dasharray:2 3}
.clock-mark{fill:var(--paper);stroke:var(--amber);stroke-width:1.5}.clock-mark.sample{stroke:var(--alive);fill:var(--bar)}.clock-mark.wrong{stroke:var(--dead);stroke-width:2.2;fill:none}.clock-mark.roll-over,.clock-mark.unplug{stroke:var(--dead);fill:none}
.clock-text{font-size:10.5px;paint-order:stroke;stroke:var(--paper);stroke-width:3px}.clock-text.time,.clock-text.assumed{fill:var(--dim)}.clock-text.track{font-weight:600}.clock-text.wrong{fill:var(--dead);font-weight:700}
`.trim();
