/** A training run on this machine: its folder, its checks, its processes and its progress. */
package dev.drpo.cli.run;
