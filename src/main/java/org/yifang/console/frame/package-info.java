/// What all pages are made with: the frame around them, the words, and the contract that they ask.
@org.jspecify.annotations.NullMarked
package org.yifang.console.frame;
