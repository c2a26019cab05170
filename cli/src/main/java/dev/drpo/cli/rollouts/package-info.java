/** {@code drpo rollouts}: what a run's policy says, and what the judge makes of it. */
package dev.drpo.cli.rollouts;
