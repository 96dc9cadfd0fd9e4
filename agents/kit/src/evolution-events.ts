import { emitEvent, type EventOptions, jsonText } from './emit-event.ts';

/** A new version of a part of the system. */
export interface ComponentVersion extends EventOptions {
  id: string;
  version: string;
  type?: 'agent' | 'tool' | 'memory' | 'model' | 'chain' | 'workflow';
  /** The version it was made from; absent for a new component. */
  parentVersion?: string;
  createdBy?: string;
  reason?: string;
}

/** A version that took over, or gave way again. */
export interface ComponentSwitch extends EventOptions {
  id: string;
  version: string;
  previousVersion?: string;
  reason?: string;
}

/** The result of a test. */
export interface TestResult extends EventOptions {
  name: string;
  passed: number;
  failed: number;
  durationMs?: number;
  componentId?: string;
  componentVersion?: string;
}

/** An experiment between two versions. */
export interface Experiment extends EventOptions {
  id: string;
  name?: string;
  componentId?: string;
  versionA?: string;
  versionB?: string;
  /** Sent as JSON. */
  results?: unknown;
  conclusion?: string;
}

/** One round of learning. */
export interface LearningIteration extends EventOptions {
  iteration: number;
  /** Sent as JSON. */
  metrics?: unknown;
  experimentId?: string;
}

/** What the system expects of a change. */
export interface Prediction extends EventOptions {
  id: string;
  description: string;
  type?: string;
  /** From 0 to 1. */
  confidence?: number;
  expectedImprovement?: number | string;
  componentId?: string;
}

/** States that a version was made: `signalbox.component.version_created`. */
export function componentVersionCreated(version: ComponentVersion): void {
  const fields = {
    'signalbox.component.id': version.id,
    'signalbox.component.version': version.version,
    'signalbox.component.type': version.type,
    'signalbox.component.parent_version': version.parentVersion,
    'signalbox.component.created_by': version.createdBy,
    'signalbox.component.reason': version.reason,
  };
  emitEvent('signalbox.component.version_created', fields, version);
}

/** States that a version is in use from now on: `signalbox.component.version_promoted`. */
export function componentVersionPromoted(change: ComponentSwitch): void {
  emitEvent('signalbox.component.version_promoted', switchFields(change), change);
}

/** States that an older version is in use again: `signalbox.component.version_rolled_back`. */
export function componentVersionRolledBack(change: ComponentSwitch): void {
  emitEvent('signalbox.component.version_rolled_back', switchFields(change), change);
}

/** States the result of a test: `signalbox.test.completed`. */
export function testCompleted(test: TestResult): void {
  const fields = {
    'signalbox.test.name': test.name,
    'signalbox.test.passed': test.passed,
    'signalbox.test.failed': test.failed,
    'signalbox.test.duration_ms': test.durationMs,
    'signalbox.component.id': test.componentId,
    'signalbox.component.version': test.componentVersion,
  };
  emitEvent('signalbox.test.completed', fields, test);
}

/** States that an experiment began: `signalbox.experiment.started`. */
export function experimentStarted(experiment: Experiment): void {
  emitEvent('signalbox.experiment.started', experimentFields(experiment), experiment);
}

/** States how an experiment ended: `signalbox.experiment.completed`. */
export function experimentCompleted(experiment: Experiment): void {
  emitEvent('signalbox.experiment.completed', experimentFields(experiment), experiment);
}

/** States the figures of one round of learning: `signalbox.learning.iteration`. */
export function learningIteration(round: LearningIteration): void {
  const fields = {
    'signalbox.learning.iteration': round.iteration,
    'signalbox.learning.metrics': jsonText(round.metrics),
    'signalbox.experiment.id': round.experimentId,
  };
  emitEvent('signalbox.learning.iteration', fields, round);
}

/** States what the system expects: `signalbox.prediction.made`. */
export function predictionMade(prediction: Prediction): void {
  const fields = {
    'signalbox.prediction.id': prediction.id,
    'signalbox.prediction.description': prediction.description,
    'signalbox.prediction.type': prediction.type,
    'signalbox.prediction.confidence': prediction.confidence,
    'signalbox.prediction.expected_improvement': prediction.expectedImprovement,
    'signalbox.component.id': prediction.componentId,
  };
  emitEvent('signalbox.prediction.made', fields, prediction);
}

function switchFields(change: ComponentSwitch) {
  return {
    'signalbox.component.id': change.id,
    'signalbox.component.version': change.version,
    'signalbox.component.previous_version': change.previousVersion,
    'signalbox.component.reason': change.reason,
  };
}

function experimentFields(experiment: Experiment) {
  return {
    'signalbox.experiment.id': experiment.id,
    'signalbox.experiment.name': experiment.name,
    'signalbox.component.id': experiment.componentId,
    'signalbox.experiment.version_a': experiment.versionA,
    'signalbox.experiment.version_b': experiment.versionB,
    'signalbox.experiment.results': jsonText(experiment.results),
    'signalbox.experiment.conclusion': experiment.conclusion,
  };
}
