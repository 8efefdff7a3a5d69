package org.yifang.platform.problem;

/// Every error an outside system can meet: a stable code, its HTTP status and its FHIR issue type.
///
/// Published as the CodeSystem `problem` in `fhir-profiles`; a test keeps both equal.
public enum ProblemCode {
    // 1xxx: the request itself, and who makes it.
    NOT_AUTHENTICATED("RX-1001", 401, "login"),
    NOT_FOR_THIS_ROLE("RX-1002", 403, "forbidden"),
    NOT_IN_SCOPE("RX-1003", 403, "forbidden"),
    NOT_FOUND("RX-1004", 404, "not-found"),
    METHOD_NOT_ALLOWED("RX-1005", 405, "not-supported"),
    NOT_ACCEPTABLE("RX-1006", 406, "not-supported"),
    PERSON_MISSING("RX-1007", 403, "security"),
    TOO_SLOW("RX-1008", 408, "timeout"),
    PERSON_ELSEWHERE("RX-1009", 403, "forbidden"),
    GONE("RX-1010", 410, "deleted"),
    VERSION_MISMATCH("RX-1012", 412, "conflict"),
    TOO_LARGE("RX-1013", 413, "too-long"),
    URL_TOO_LONG("RX-1014", 414, "too-long"),
    UNSUPPORTED_MEDIA_TYPE("RX-1015", 415, "not-supported"),
    TOO_MANY_REQUESTS("RX-1029", 429, "throttled"),
    UNREADABLE("RX-1400", 400, "structure"),
    DUPLICATE_NAME("RX-1401", 400, "structure"),
    NOT_FHIR("RX-1402", 400, "structure"),
    PARAMETER_UNREADABLE("RX-1403", 400, "value"),
    PARAMETER_UNKNOWN("RX-1404", 400, "not-supported"),
    PERSON_IN_URL("RX-1405", 400, "security"),
    PARAMETER_MISSING("RX-1406", 400, "required"),
    KEY_REUSED("RX-1409", 409, "duplicate"),
    PROFILE_BROKEN("RX-1422", 422, "invariant"),
    TOO_COSTLY("RX-1423", 422, "too-costly"),
    PATCH_UNFIT("RX-1424", 422, "processing"),
    BUNDLE_UNFIT("RX-1425", 422, "processing"),

    // 11xx: administration.
    ALREADY_REGISTERED("RX-1101", 409, "duplicate"),
    REGISTRATION_UNFIT("RX-1102", 422, "business-rule"),
    SETUP_CODE_WRONG("RX-1103", 403, "security"),
    JOB_UNDER_WAY("RX-1104", 409, "conflict"),

    // 20xx: the state of a prescription forbids it. The numbers are fixed by the contract.
    AWAITS_REVIEW("RX-2001", 409, "conflict"),
    CLAIMED_BY_ANOTHER("RX-2002", 409, "conflict"),
    NOT_CLAIMED("RX-2003", 409, "conflict"),
    LEASE_OVER("RX-2004", 409, "conflict"),
    CANCELLED("RX-2005", 409, "conflict"),
    EXPIRED("RX-2006", 409, "expired"),
    ON_HOLD("RX-2007", 409, "conflict"),
    ALREADY_DISPENSED("RX-2008", 409, "conflict"),
    DIRECTED_ELSEWHERE("RX-2009", 409, "conflict"),
    TRACE_CODE_SOLD("RX-2010", 409, "duplicate"),
    MORE_THAN_OPEN("RX-2011", 409, "business-rule"),
    REVIEW_REFUSED("RX-2012", 409, "conflict"),
    WRONG_PICKUP_CODE("RX-2013", 403, "security"),
    TOO_EARLY("RX-2014", 409, "business-rule"),
    NOT_THE_PRODUCT("RX-2015", 422, "business-rule"),

    // 21xx: a rule of prescribing is broken. Each rule names its source where it is decided.
    IDENTITY_NUMBER("RX-2101", 422, "value"),
    ORGANIZATION_NUMBER("RX-2102", 422, "value"),
    NOT_OWN_DOCUMENT("RX-2103", 422, "business-rule"),
    STAFF_NUMBER("RX-2104", 422, "value"),
    DRUG_UNKNOWN("RX-2105", 422, "code-invalid"),
    DIAGNOSIS_MISSING("RX-2106", 422, "required"),
    NOT_ONE_PATIENT("RX-2107", 422, "business-rule"),
    NOT_ONE_AUTHOR("RX-2108", 422, "business-rule"),
    NOT_ONE_NUMBER("RX-2109", 422, "business-rule"),
    TOO_MANY_LINES("RX-2110", 422, "business-rule"),
    LINE_TWICE("RX-2111", 422, "duplicate"),
    QUANTITY("RX-2112", 422, "value"),
    SUPPLY_TOO_LONG("RX-2113", 422, "business-rule"),
    VALIDITY("RX-2114", 422, "business-rule"),
    HERBAL_APART("RX-2115", 422, "business-rule"),
    NOT_FOR_CIRCULATION("RX-2116", 422, "business-rule"),
    CONTROLLED_LIMIT("RX-2117", 422, "business-rule"),
    SUPPLY_UNKNOWN("RX-2118", 422, "business-rule"),
    ANTIMICROBIAL_TIER("RX-2119", 422, "business-rule"),
    AGE_AND_WEIGHT("RX-2120", 422, "required"),
    GENERIC_NAME("RX-2121", 422, "business-rule"),
    SELF_PRESCRIBED("RX-2122", 422, "business-rule"),
    LONG_PRESCRIPTION("RX-2123", 422, "business-rule"),
    TIMES("RX-2124", 422, "value"),
    SIGNATURE_MISSING("RX-2125", 422, "security"),
    SIGNATURE_BAD("RX-2126", 422, "security"),
    SUBSTITUTION_REASON("RX-2128", 422, "required"),
    NOT_A_PHARMACIST("RX-2129", 422, "business-rule"),
    NOT_TO_CIRCULATE("RX-2130", 422, "business-rule"),
    OWN_EXTENSION("RX-2131", 422, "business-rule"),

    // 22xx: warnings for prescriber and pharmacist; they stop nothing.
    OVERLAP("RX-2201", 422, "informational"),
    ALLERGY("RX-2202", 422, "informational"),
    SKIN_TEST("RX-2203", 422, "informational"),
    NAME_DIFFERS("RX-2204", 422, "informational"),
    QUANTITY_AND_DAYS("RX-2205", 422, "informational"),
    NUMBER_DOUBTFUL("RX-2206", 422, "informational"),
    SKIN_TEST_POSITIVE("RX-2207", 422, "informational"),
    PREDECESSOR("RX-2208", 422, "informational"),
    SPLIT_PRICE("RX-2209", 422, "informational"),
    ALSO_RUNNING("RX-2220", 422, "informational"),

    // 23xx: a rule of reviewing or dispensing is broken.
    REVIEW_INCOMPLETE("RX-2301", 422, "business-rule"),
    SECOND_REVIEWER("RX-2302", 422, "business-rule"),
    NOT_CHECKED("RX-2303", 422, "business-rule"),
    TWO_PEOPLE("RX-2304", 422, "business-rule"),
    NOT_THIS_PRESCRIPTION("RX-2305", 422, "business-rule"),
    HANDED_OVER_WHEN("RX-2306", 422, "value"),
    PRICE_AND_SETTLEMENT("RX-2307", 422, "value"),
    TRACE_CODE("RX-2308", 422, "value"),
    PACK_EXPIRED("RX-2309", 422, "business-rule"),
    ALREADY_REVIEWED("RX-2310", 409, "conflict"),

    // 3xxx: pharmacies.
    PHARMACY_UNKNOWN("RX-3001", 422, "not-found"),

    // 4xxx: prices and stock.
    OFFER_UNFIT("RX-4001", 422, "business-rule"),
    PRICE_HELD("RX-4002", 409, "business-rule"),

    // 5xxx: plans and evaluations.
    PLAN_TOO_LATE("RX-5010", 409, "business-rule"),
    PLAN_OVERLAPS("RX-5111", 409, "conflict"),

    // 6xxx: Subscriptions.
    ADDRESS_UNFIT("RX-6001", 422, "value"),
    TOPIC_UNKNOWN("RX-6002", 422, "not-found"),
    FILTER_UNKNOWN("RX-6003", 422, "value"),
    SUBSCRIPTIONS_MOST("RX-6004", 422, "business-rule"),

    // 9xxx: our side.
    INTERNAL("RX-9001", 500, "exception"),
    DATABASE_AWAY("RX-9003", 503, "transient"),
    BUSY("RX-9004", 503, "throttled");

    private final String code;
    private final int status;
    private final String issueType;

    ProblemCode(String code, int status, String issueType) {
        this.code = code;
        this.status = status;
        this.issueType = issueType;
    }

    /// The public code, `RX-2004`.
    public String code() {
        return code;
    }

    /// The HTTP status that this code is answered with.
    public int status() {
        return status;
    }

    /// The code of FHIR's value set issue-type.
    public String issueType() {
        return issueType;
    }
}
