/** {@code drpo train}: any configuration, policy and data set. */
package dev.drpo.cli.train;
