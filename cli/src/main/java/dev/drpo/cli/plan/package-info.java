/** {@code drpo plan}. */
package dev.drpo.cli.plan;
