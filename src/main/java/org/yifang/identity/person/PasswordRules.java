package org.yifang.identity.person;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What a password must be: long enough and not one of those that are tried first.
public final class PasswordRules {
    /// The contract's least.
    static final int LEAST = 10;

    /// A phrase fits; more would only make hashing dear.
    static final int MOST = 200;

    private static final int DISTINCT_LEAST = 5;

    /// What common passwords are made of once digits and signs are taken away, in Latin and pinyin
    /// (heads of the published lists, SecLists and NordPass 2024).
    private static final Set<String> COMMON =
            Set.of(
                    "",
                    "a",
                    "aa",
                    "abc",
                    "abcd",
                    "abcde",
                    "abcdef",
                    "abcdefg",
                    "abcdefgh",
                    "abcdefghij",
                    "admin",
                    "administrator",
                    "asd",
                    "asdf",
                    "asdfgh",
                    "asdfghjkl",
                    "qwe",
                    "qwer",
                    "qwert",
                    "qwerty",
                    "qwertyui",
                    "qwertyuiop",
                    "qaz",
                    "qazwsx",
                    "qazwsxedc",
                    "zxc",
                    "zxcv",
                    "zxcvbn",
                    "zxcvbnm",
                    "password",
                    "passw",
                    "passwd",
                    "passwort",
                    "pass",
                    "pssword",
                    "psswrd",
                    "letmein",
                    "welcome",
                    "iloveyou",
                    "monkey",
                    "dragon",
                    "football",
                    "baseball",
                    "sunshine",
                    "princess",
                    "superman",
                    "batman",
                    "trustno",
                    "master",
                    "login",
                    "test",
                    "testtest",
                    "guest",
                    "user",
                    "root",
                    "changeme",
                    "change",
                    "default",
                    "secret",
                    "hello",
                    "helloworld",
                    "woaini",
                    "woaiwojia",
                    "wodemima",
                    "mima",
                    "zhongguo",
                    "china",
                    "beijing",
                    "nihao",
                    "aini",
                    "yiyuan",
                    "yaodian",
                    "yibao",
                    "hospital",
                    "pharmacy",
                    "yifang",
                    "doctor",
                    "nurse",
                    "computer",
                    "internet",
                    "windows",
                    "whatever",
                    "michael",
                    "charlie",
                    "jordan",
                    "shadow",
                    "summer",
                    "winter",
                    "spring",
                    "autumn",
                    "january",
                    "february",
                    "october",
                    "november",
                    "december");

    private static final List<String> ROWS =
            List.of(
                    "01234567890123456789",
                    "98765432109876543210",
                    "abcdefghijklmnopqrstuvwxyz",
                    "qwertyuiopasdfghjklzxcvbnm",
                    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p");

    /// What is wrong with a password, null when nothing is.
    ///
    /// @param login whose it is to be
    public static @Nullable Fault fault(String password, String login) {
        if (password.codePointCount(0, password.length()) < LEAST) {
            return Fault.SHORT;
        }
        if (password.length() > MOST) {
            return Fault.LONG;
        }
        String lower = password.toLowerCase(Locale.ROOT);
        boolean plain =
                lower.chars().distinct().count() < DISTINCT_LEAST
                        || COMMON.contains(letters(lower))
                        || lower.contains(login.toLowerCase(Locale.ROOT))
                        || ROWS.stream().anyMatch(row -> row.contains(lower));
        return plain ? Fault.COMMON : null;
    }

    /// The letters alone; what stands for a letter is read as one, and a name beyond Latin stays.
    private static String letters(String lower) {
        StringBuilder letters = new StringBuilder();
        lower.replace('@', 'a')
                .replace('0', 'o')
                .replace('$', 's')
                .codePoints()
                .filter(Character::isLetter)
                .forEach(letters::appendCodePoint);
        String read = letters.toString();
        String digits = lower.replaceAll("[^\\p{L}]", "");
        return COMMON.contains(digits) ? digits : read;
    }

    /// Why a password is not taken.
    public enum Fault {
        SHORT("At least %d characters are needed.".formatted(LEAST)),
        LONG("At most %d characters are taken.".formatted(MOST)),
        COMMON("It is among the passwords that are tried first, or holds the login.");

        private final String text;

        Fault(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    private PasswordRules() {}
}
