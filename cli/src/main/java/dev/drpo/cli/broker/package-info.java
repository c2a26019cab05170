/** {@code drpo broker}: the broker alone, for services that are started by other means. */
package dev.drpo.cli.broker;
