/** {@code drpo status}: where a run stands, from its broker, its learner and its files. */
package dev.drpo.cli.status;
