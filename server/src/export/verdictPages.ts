// The page of each verdict, as `lifeline explain` prints it and editors open it: docs/verdicts/KIND.md. The first paragraph says when it holds.
import { VERDICTS, type VerdictKind } from '../base/verdicts.ts';
import assertion from '../../../docs/verdicts/assertion.md';
import badCast from '../../../docs/verdicts/bad-cast.md';
import boundReached from '../../../docs/verdicts/bound-reached.md';
import closeBlocked from '../../../docs/verdicts/close-blocked.md';
import dataRace from '../../../docs/verdicts/data-race.md';
import deadlock from '../../../docs/verdicts/deadlock.md';
import doubleFree from '../../../docs/verdicts/double-free.md';
import lateCallback from '../../../docs/verdicts/late-callback.md';
import leak from '../../../docs/verdicts/leak.md';
import livelock from '../../../docs/verdicts/livelock.md';
import lockImbalance from '../../../docs/verdicts/lock-imbalance.md';
import missedDeadline from '../../../docs/verdicts/missed-deadline.md';
import nullDeref from '../../../docs/verdicts/null-deref.md';
import refcountResurrect from '../../../docs/verdicts/refcount-resurrect.md';
import refcountUnderflow from '../../../docs/verdicts/refcount-underflow.md';
import selfDeadlock from '../../../docs/verdicts/self-deadlock.md';
import sleepInAtomic from '../../../docs/verdicts/sleep-in-atomic.md';
import timeBackwards from '../../../docs/verdicts/time-backwards.md';
import timerAfterShutdown from '../../../docs/verdicts/timer-after-shutdown.md';
import tornRead from '../../../docs/verdicts/torn-read.md';
import unbindBlocked from '../../../docs/verdicts/unbind-blocked.md';
import uninitialised from '../../../docs/verdicts/uninitialised.md';
import unloadBlocked from '../../../docs/verdicts/unload-blocked.md';
import unloadRefused from '../../../docs/verdicts/unload-refused.md';
import unmappedMmio from '../../../docs/verdicts/unmapped-mmio.md';
import useAfterFree from '../../../docs/verdicts/use-after-free.md';
import useAfterUnload from '../../../docs/verdicts/use-after-unload.md';
import zombieAccess from '../../../docs/verdicts/zombie-access.md';

/** Markdown; null: there is no such verdict. */
export function verdictPage(kind: string): string | null {
  return Object.hasOwn(VERDICTS, kind) ? PAGES[kind as VerdictKind] : null;
}

const PAGES: Readonly<Record<VerdictKind, string>> = {
  'use-after-free': useAfterFree,
  'use-after-unload': useAfterUnload,
  'unmapped-mmio': unmappedMmio,
  'double-free': doubleFree,
  'refcount-underflow': refcountUnderflow,
  'refcount-resurrect': refcountResurrect,
  'null-deref': nullDeref,
  'bad-cast': badCast,
  uninitialised,
  deadlock,
  livelock,
  'sleep-in-atomic': sleepInAtomic,
  'lock-imbalance': lockImbalance,
  'self-deadlock': selfDeadlock,
  'data-race': dataRace,
  'unload-refused': unloadRefused,
  'unload-blocked': unloadBlocked,
  'unbind-blocked': unbindBlocked,
  'close-blocked': closeBlocked,
  leak,
  'torn-read': tornRead,
  'time-backwards': timeBackwards,
  'missed-deadline': missedDeadline,
  'timer-after-shutdown': timerAfterShutdown,
  'zombie-access': zombieAccess,
  'late-callback': lateCallback,
  assertion,
  'bound-reached': boundReached,
};
