package org.yifang.identity.seal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.SortedMap;
import java.util.TreeMap;

import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// The keys that stay outside the database: without them nobody reads a name from its tables.
///
/// Written as `seal.1=<base64 of 32 bytes>` and `index.1=<base64 of 32 bytes>`, separated by commas
/// or white space, `#` begins a comment line; `index` is `index.1`. The highest number seals, every
/// number opens and finds, so a key is replaced by adding the next. Which index key new rows are
/// under is decided by the database, since every instance must know it first. A single base64 of 32
/// bytes, without a name, stands for `seal.1` and `index.1`: each is derived from it.
public final class MasterKeys {
    /// Length of every key here, in bytes (AES-256, HMAC-SHA-256).
    static final int KEY_BYTES = 32;

    private static final int NUMBER_MAX = 0xFFFF;

    private final SortedMap<Integer, SecretKey> sealing;
    private final SortedMap<Integer, byte[]> index;

    private MasterKeys(SortedMap<Integer, SecretKey> sealing, SortedMap<Integer, byte[]> index) {
        this.sealing = sealing;
        this.index = index;
    }

    /// Reads keys from a configuration value.
    ///
    /// @throws IllegalArgumentException saying what is wrong, never showing a key
    public static MasterKeys parse(String text) {
        SortedMap<Integer, SecretKey> sealing = new TreeMap<>();
        SortedMap<Integer, byte[]> index = new TreeMap<>();
        for (String line : text.lines().filter(one -> !one.strip().startsWith("#")).toList()) {
            for (String word : line.strip().split("[,\\s]+", -1)) {
                if (word.isEmpty()) {
                    continue;
                }
                if (word.matches("[A-Za-z0-9+/]{43}=")) {
                    byte[] secret = key("", word);
                    sealing.put(1, aes(derived(secret, "seal.1")));
                    index.put(1, derived(secret, "index"));
                    continue;
                }
                int equals = word.indexOf('=');
                String name = equals < 0 ? "" : word.substring(0, equals);
                byte[] key = key(name, word.substring(equals + 1));
                if (name.equals("index")) {
                    index.put(1, key);
                } else if (name.startsWith("index.")) {
                    index.put(number(name, "index."), key);
                } else {
                    sealing.put(number(name, "seal."), aes(key));
                }
            }
        }
        if (sealing.isEmpty() || index.isEmpty()) {
            throw new IllegalArgumentException(
                    "The master keys need at least one `seal.<number>` and one `index`.");
        }
        return new MasterKeys(sealing, index);
    }

    /// The configured value, or else the key file `master.keys` in the data folder.
    public static MasterKeys of(@Nullable String configured, Path data) throws IOException {
        return configured == null ? ofFile(data.resolve("master.keys")) : parse(configured);
    }

    /// Reads the key file; on the very first start writes one with fresh keys, for its owner only.
    ///
    /// @throws IllegalArgumentException when the file is open to others or not readable as keys
    public static MasterKeys ofFile(Path file) throws IOException {
        if (!Files.exists(file)) {
            write(file, generate());
        }
        var permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IllegalArgumentException(
                    "The key file `" + file + "` is open to everyone; run `chmod 600` on it.");
        }
        return parse(Files.readString(file));
    }

    /// Fresh keys, as text that [#parse] reads.
    public static String generate() {
        SecureRandom random = new SecureRandom();
        return "seal.1=" + fresh(random) + "\nindex=" + fresh(random) + "\n";
    }

    /// The number of the key that seals from now on.
    int currentNumber() {
        return sealing.lastKey();
    }

    /// The sealing key of a number.
    ///
    /// @throws SealBroken when this process was not given that key
    SecretKey sealingKey(int number) {
        SecretKey key = sealing.get(number);
        if (key == null) {
            throw new SealBroken("Master key `seal." + number + "` is not configured.");
        }
        return key;
    }

    /// By what each sealing key is told from another, by number; nothing of the key can be reckoned
    /// from it.
    SortedMap<Integer, byte[]> sealingFingerprints() {
        SortedMap<Integer, byte[]> all = new TreeMap<>();
        sealing.forEach((number, key) -> all.put(number, derived(key.getEncoded(), "fingerprint")));
        return all;
    }

    /// The keys of blind indexes by number, in order.
    SortedMap<Integer, byte[]> indexKeys() {
        return new TreeMap<>(index);
    }

    /// What a deployment begins with as its kept secret: its first index key.
    byte[] firstIndexKey() {
        return index.firstEntry().getValue().clone();
    }

    /// 32 bytes for one purpose, out of the kept secret of a deployment.
    public static byte[] derivedFrom(byte[] secret, String purpose) {
        return derived(secret, "for " + purpose);
    }

    private static void write(Path file, String keys) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        var ownerOnly = PosixFilePermissions.fromString("rw-------");
        Path fresh =
                Files.createTempFile(
                        folder, "keys", ".new", PosixFilePermissions.asFileAttribute(ownerOnly));
        String comment =
                """
                # Yifang's master keys. Keep a copy apart from the database and its backups:
                # without this file no name, identity number or prescription can be read again.
                """;
        Files.writeString(fresh, comment + keys);
        // A half-written key file would cost all data, so it appears whole or not at all.
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("The key file `" + file + "` could not be written.");
        }
    }

    /// HKDF-Expand (RFC 5869 section 2.3) of one block: the secret is uniformly random already.
    private static byte[] derived(byte[] secret, String label) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update(("yifang " + label).getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(new byte[] {1});
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SecretKey aes(byte[] key) {
        return new SecretKeySpec(key, "AES");
    }

    private static String fresh(SecureRandom random) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private static byte[] key(String name, String base64) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            key = new byte[0];
        }
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException(
                    "The master key `" + name + "` is not base64 of " + KEY_BYTES + " bytes.");
        }
        return key;
    }

    private static int number(String name, String before) {
        if (name.startsWith(before) && name.substring(before.length()).matches("[1-9][0-9]{0,4}")) {
            int number = Integer.parseInt(name.substring(before.length()));
            if (number <= NUMBER_MAX) {
                return number;
            }
        }
        throw new IllegalArgumentException(
                "A master key is named `seal.<1 to 65535>` or `index.<1 to 65535>`, not `"
                        + name
                        + "`.");
    }
}
