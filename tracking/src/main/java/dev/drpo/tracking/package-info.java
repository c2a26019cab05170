/**
 * What a run tells other people's tools while it trains. The run's own files are the truth: a
 * tracker may be late or away, and takes what it missed from them.
 */
package dev.drpo.tracking;
