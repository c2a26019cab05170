/** Collectors of traces. */
package dev.drpo.simulation.traces;
