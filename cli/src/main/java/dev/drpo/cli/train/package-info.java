/** {@code drpo train}, and what every command does which trains. */
package dev.drpo.cli.train;
