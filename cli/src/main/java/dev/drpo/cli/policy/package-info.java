/** What commands that run a policy in this process have in common. */
package dev.drpo.cli.policy;
