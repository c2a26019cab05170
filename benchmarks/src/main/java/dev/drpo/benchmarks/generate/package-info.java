/** {@code drpo bench generate}: the generation engine against a peer and the machine's limits. */
package dev.drpo.benchmarks.generate;
