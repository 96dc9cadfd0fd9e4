import type { Admission } from '../ingest/consumer.ts';

/** Share of the byte budget that one request holds, from its headers until its answer; given back exactly once. */
export class Reservation {
  readonly #admission: Admission;
  readonly #releases: (() => void)[] = [];
  #bytes = 0;
  #isOver = false;

  private constructor(admission: Admission) {
    this.#admission = admission;
  }

  /** Reserves `bytes`; undefined when there is no room. */
  static take(admission: Admission, bytes: number): Reservation | undefined {
    const reservation = new Reservation(admission);
    return reservation.growTo(bytes) ? reservation : undefined;
  }

  /** Makes the reservation cover `bytes`; false when there is no room or it was given back already. */
  growTo(bytes: number): boolean {
    if (this.#isOver) return false;
    if (bytes <= this.#bytes) return true;
    const release = this.#admission.admit(bytes - this.#bytes);
    if (release === undefined) return false;
    this.#bytes = bytes;
    this.#releases.push(release);
    return true;
  }

  release(): void {
    this.#isOver = true;
    for (const release of this.#releases.splice(0)) release();
  }
}
