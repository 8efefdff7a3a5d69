/// What an attacker, or a system that runs wild, would try: each ends in a clear answer.
@org.jspecify.annotations.NullMarked
package org.yifang.abuse;
