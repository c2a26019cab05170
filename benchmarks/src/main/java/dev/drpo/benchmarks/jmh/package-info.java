/**
 * JMH benchmarks of the judge's parts. What whole responses cost is measured by {@code drpo bench
 * judge}.
 */
package dev.drpo.benchmarks.jmh;
