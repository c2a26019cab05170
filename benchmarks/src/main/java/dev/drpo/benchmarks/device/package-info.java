/**
 * {@code drpo doctor}'s examination of a device: whether it computes what the CPU does, how fast it
 * is beside its own limits, and whether it takes the memory that plans say.
 */
package dev.drpo.benchmarks.device;
