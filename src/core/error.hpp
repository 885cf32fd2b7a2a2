// The one exception type of core. The PostgreSQL layer turns it into an ereport with every field
// kept (src/pg/error_bridge.hpp).
//
//     throw Error(sqlstate::kUndefinedFile, "could not open file \"/d/a.db\": No such file")
//         .with_hint("The path is read by the server, not by the client.");
//
// Texts follow the PostgreSQL error style guide: the message is lower case without a full stop,
// objects in double quotes; detail and hint are sentences; the context is the place in the data.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace migrate::core {

// SQLSTATEs that core raises: PostgreSQL, appendix A.
namespace sqlstate {
inline constexpr char kFeatureNotSupported[] = "0A000";
inline constexpr char kCharacterNotInRepertoire[] = "22021";
inline constexpr char kInvalidParameterValue[] = "22023";
inline constexpr char kUntranslatableCharacter[] = "22P05";
inline constexpr char kInvalidTextRepresentation[] = "22P02";
inline constexpr char kNotNullViolation[] = "23502";
inline constexpr char kDatatypeMismatch[] = "42804";
inline constexpr char kSyntaxError[] = "42601";
inline constexpr char kUndefinedTable[] = "42P01";
inline constexpr char kUndefinedColumn[] = "42703";
inline constexpr char kForeignKeyViolation[] = "23503";
inline constexpr char kUndefinedObject[] = "42704";
inline constexpr char kInvalidColumnReference[] = "42P10";
inline constexpr char kDuplicateTable[] = "42P07";
inline constexpr char kInsufficientPrivilege[] = "42501";
inline constexpr char kProgramLimitExceeded[] = "54000";
inline constexpr char kTooManyColumns[] = "54011";
inline constexpr char kStatementTooComplex[] = "54001";
inline constexpr char kConfigurationLimitExceeded[] = "53400";
inline constexpr char kOutOfMemory[] = "53200";
inline constexpr char kObjectInUse[] = "55006";
inline constexpr char kObjectNotInPrerequisiteState[] = "55000";
inline constexpr char kLockNotAvailable[] = "55P03";
inline constexpr char kQueryCanceled[] = "57014";
inline constexpr char kIoError[] = "58030";
inline constexpr char kUndefinedFile[] = "58P01";
inline constexpr char kDuplicateFile[] = "58P02";
inline constexpr char kWrongObjectType[] = "42809";
inline constexpr char kDataCorrupted[] = "XX001";
inline constexpr char kInternalError[] = "XX000";
} // namespace sqlstate

// An error with everything that PostgreSQL can show of one. Owns its texts.
class Error : public std::exception {
  public:
    // `code` is a five-character SQLSTATE with static storage (one of sqlstate::k…).
    Error(const char *code, std::string message) : code_(code), message_(std::move(message)) {}

    Error &&with_detail(std::string text) && {
        detail_ = std::move(text);
        return std::move(*this);
    }
    Error &&with_hint(std::string text) && {
        hint_ = std::move(text);
        return std::move(*this);
    }
    Error &&with_context(std::string text) && {
        context_ = std::move(text);
        return std::move(*this);
    }

    const char *what() const noexcept override { return message_.c_str(); }
    const char *code() const noexcept { return code_; }
    const std::string &message() const noexcept { return message_; }
    const std::string &detail() const noexcept { return detail_; }
    const std::string &hint() const noexcept { return hint_; }
    const std::string &context() const noexcept { return context_; }

  private:
    const char *code_;
    std::string message_;
    std::string detail_;
    std::string hint_;
    std::string context_;
};

} // namespace migrate::core
