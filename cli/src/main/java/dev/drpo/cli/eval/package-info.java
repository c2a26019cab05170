/** {@code drpo eval}: samples a policy on sets of problems, judges and summarises what it says. */
package dev.drpo.cli.eval;
