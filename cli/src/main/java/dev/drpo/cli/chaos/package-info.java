/**
 * {@code drpo chaos}: the same training twice, once calm and once through a storm of failures, and
 * an audit of both from the topics.
 */
package dev.drpo.cli.chaos;
