/** What answers say: their forms, and the units that they are measured in. */
package dev.drpo.judge.answer;
