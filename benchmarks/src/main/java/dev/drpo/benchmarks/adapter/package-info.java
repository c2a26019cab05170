/** What it costs to have a server of another process sample, beside a server that costs nothing. */
package dev.drpo.benchmarks.adapter;
