package org.yifang.identity.seal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.yifang.platform.problem.Problem;
import org.yifang.platform.problem.ProblemCode;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Seals personal data at rest: a key per document under a key per patient under the master key.
///
/// Erasing a person is deleting one wrapped patient key, backups included once they have aged out.
public final class Seal {
    private static final String PATIENT_KEY = "patient-key";
    private static final String DOCUMENT_KEY = "document-key";
    private static final int NUMBER_BYTES = 2;

    /// A number of a master key that there is none of, and nothing under it.
    private static final byte[] ERASED = new byte[NUMBER_BYTES];

    /// Unwrapping costs microseconds, so the cache only has to hold the patients of the hour; an
    /// erased person's key is gone from memory after this time without use.
    private static final int CACHED_PATIENTS_MAX = 5_000;

    private static final Duration CACHED_FOR = Duration.ofMinutes(10);

    private final MasterKeys masterKeys;
    private final Mac vouching;
    private final SecureRandom random = new SecureRandom();
    private final Cache<ByteBuffer, SealingKey> patientKeys =
            Caffeine.newBuilder()
                    .maximumSize(CACHED_PATIENTS_MAX)
                    .expireAfterAccess(CACHED_FOR)
                    .build();

    /// One whose deployment keeps its first index key as its secret.
    public Seal(MasterKeys masterKeys) {
        this(masterKeys, masterKeys.firstIndexKey());
    }

    /// @param kept the deployment's kept secret
    public Seal(MasterKeys masterKeys, byte[] kept) {
        this.masterKeys = masterKeys;
        try {
            vouching = Mac.getInstance("HmacSHA256");
            vouching.init(
                    new SecretKeySpec(MasterKeys.derivedFrom(kept, "vouching"), "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A fresh key for a new patient, wrapped: store it in the patient's row.
    public byte[] newPatientKey() {
        byte[] wrapped = sealUnderMaster(freshKey(), PATIENT_KEY);
        patientKey(wrapped);
        return wrapped;
    }

    /// What stands where the key of an erased person was.
    public static byte[] erased() {
        return ERASED.clone();
    }

    /// The key behind a wrapped patient key.
    ///
    /// @throws Problem `RX-1010` when the person was erased
    /// @throws SealBroken when it was altered or its master key is not configured
    public SealingKey patientKey(byte[] wrappedPatientKey) {
        if (Arrays.equals(wrappedPatientKey, ERASED)) {
            throw new Problem(
                    ProblemCode.GONE,
                    "What was kept of this person was erased.",
                    "Nothing of it can be read again.");
        }
        return patientKeys.get(
                ByteBuffer.wrap(wrappedPatientKey.clone()),
                _ -> key(openUnderMaster(wrappedPatientKey, PATIENT_KEY)));
    }

    /// A fresh key for one document of a patient.
    public DocumentKey newDocumentKey(byte[] wrappedPatientKey) {
        byte[] fresh = freshKey();
        return new DocumentKey(key(fresh), patientKey(wrappedPatientKey).seal(fresh, DOCUMENT_KEY));
    }

    /// The key of a stored document.
    ///
    /// @throws SealBroken when either key was altered, or the document is another patient's
    public DocumentKey documentKey(byte[] wrappedPatientKey, byte[] wrappedDocumentKey) {
        byte[] opened = patientKey(wrappedPatientKey).open(wrappedDocumentKey, DOCUMENT_KEY);
        return new DocumentKey(key(opened), wrappedDocumentKey);
    }

    /// Wraps a patient key under the newest master key; every document stays as it is.
    public byte[] rewrapPatientKey(byte[] wrappedPatientKey) {
        return sealUnderMaster(patientKey(wrappedPatientKey).bytes(), PATIENT_KEY);
    }

    /// Whether a wrapped patient key is under the newest master key already.
    public boolean isCurrent(byte[] wrappedPatientKey) {
        return number(wrappedPatientKey) == masterKeys.currentNumber()
                || Arrays.equals(wrappedPatientKey, ERASED);
    }

    /// The number of the newest master key.
    public int current() {
        return masterKeys.currentNumber();
    }

    /// What everything begins with that is under the newest master key.
    public byte[] currentPrefix() {
        return ByteBuffer.allocate(NUMBER_BYTES).putShort((short) current()).array();
    }

    /// What [#seal] sealed for a place, under the newest master key.
    public byte[] reseal(byte[] sealed, String associated) {
        return seal(open(sealed, associated), associated);
    }

    /// Vouches for bytes that are stored in clear at a place: who writes the database can alter
    /// them, and cannot make this anew.
    public byte[] vouch(String place, byte[] content) {
        try {
            Mac keyed = (Mac) vouching.clone();
            keyed.update(place.getBytes(StandardCharsets.UTF_8));
            keyed.update((byte) 0);
            return keyed.doFinal(content);
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Whether bytes are those that [#vouch] vouched for.
    public boolean isVouchedFor(String place, byte[] content, byte[] mac) {
        return MessageDigest.isEqual(mac, vouch(place, content));
    }

    /// Forgets an erased person's key at once.
    public void forget(byte[] wrappedPatientKey) {
        patientKeys.invalidate(ByteBuffer.wrap(wrappedPatientKey));
    }

    /// Seals what belongs to no patient, such as our signing keys, directly under the master key.
    public byte[] seal(byte[] plain, String associated) {
        return sealUnderMaster(plain, "direct:" + associated);
    }

    /// Opens what [#seal] sealed for the same place.
    ///
    /// @throws SealBroken when it was altered, moved, or its master key is not configured
    public byte[] open(byte[] sealed, String associated) {
        return openUnderMaster(sealed, "direct:" + associated);
    }

    /// Two bytes of the master key's number, then what [SealingKey] makes.
    private byte[] sealUnderMaster(byte[] plain, String associated) {
        int number = masterKeys.currentNumber();
        byte[] sealed = master(number).seal(plain, associated);
        return ByteBuffer.allocate(NUMBER_BYTES + sealed.length)
                .putShort((short) number)
                .put(sealed)
                .array();
    }

    private byte[] openUnderMaster(byte[] sealed, String associated) {
        byte[] body = new byte[Math.max(0, sealed.length - NUMBER_BYTES)];
        int number = number(sealed);
        ByteBuffer.wrap(sealed).position(NUMBER_BYTES).get(body);
        return master(number).open(body, associated);
    }

    private SealingKey master(int number) {
        return new SealingKey(masterKeys.sealingKey(number));
    }

    private static int number(byte[] sealed) {
        if (sealed.length < NUMBER_BYTES) {
            throw new SealBroken("A value under the master key is too short.");
        }
        return Short.toUnsignedInt(ByteBuffer.wrap(sealed).getShort());
    }

    private byte[] freshKey() {
        byte[] fresh = new byte[MasterKeys.KEY_BYTES];
        random.nextBytes(fresh);
        return fresh;
    }

    private static SealingKey key(byte[] bytes) {
        return new SealingKey(new SecretKeySpec(bytes, "AES"));
    }
}
