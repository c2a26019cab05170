/**
 * The quickstart task: left-to-right arithmetic modulo 20, which a policy of one million parameters
 * learns on two CPU cores.
 *
 * <p>Everything drawn at random comes from {@link java.util.Random}, whose algorithm is part of the
 * Java specification, so that a seed gives the same problems and traces on every JDK.
 */
package dev.drpo.cli.task;
