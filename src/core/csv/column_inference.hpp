// The narrowest type that holds every value of a CSV column without losing anything, and how the
// values are written. Fed all rows; what a value looks like decides, never a sample.
//
//     ColumnInference column(options);
//     while (reader.next(record)) column.add(record.first_line, field.text, field.is_quoted);
//     InferredType type = column.result(); // type.evidence: text: leading zeros at line 812: "007"
//
// The order of the rows changes only the evidence. Kinds that join: bigint with numeric, either
// with double precision when no digit is lost, date with timestamp; any other mix is text. A value
// that is accepted is one that format_value and convert_cell (takes_number_text) load.
#pragma once

#include "core/csv/inferred_type.hpp"
#include "core/csv/number_facts.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace migrate::core::csv {

// Owns its copy of the options. add() is constant in memory and linear in the value.
class ColumnInference {
  public:
    explicit ColumnInference(InferenceOptions options);

    // A field as it would be loaded (trimmed already when option trim says so), valid UTF-8.
    void add(std::int64_t line, std::string_view text, bool is_quoted) {
        if ((may_be_null_ || text.empty()) && is_null_field(text, is_quoted, options_)) {
            nulls_++;
            return;
        }
        values_++;
        if (state_ != State::text && !accept(line, text))
            widen(line, text, is_quoted);
    }

    InferredType result() const;

  private:
    enum class State : std::uint8_t {
        none,    // no value yet
        boolean, // words of truth
        number,  // numbers in the first reading
        commas,  // numbers that only another reading explains
        moment,  // ISO dates and times
        loose,   // dates in another order or with other marks
        time,
        uuid,
        json,
        text,
    };
    enum class MomentKind : std::uint8_t { none, date, timestamp, timestamptz };

    // A way to read numbers, and what the numbers are like when read so.
    struct Reading {
        char decimal = '.';
        std::string thousands;
        bool is_alive = true;
        NumberFacts facts;
    };
    struct Sample {
        std::int64_t line = 0;
        std::string value; // as a message shows it
    };

    bool accept(std::int64_t line, std::string_view text);
    bool accept_boolean(std::int64_t line, std::string_view text);
    bool accept_number(std::int64_t line, std::string_view text);
    bool accept_commas(std::int64_t line, std::string_view text);
    bool accept_moment(std::string_view text);
    bool accept_loose(std::string_view text);
    bool accept_json(std::string_view text) const;
    bool join_moment(MomentKind kind);
    static bool accept_reading(Reading &reading, std::int64_t line, std::string_view text);
    static MomentKind moment_kind(std::string_view text) noexcept;
    static MomentKind loose_kind(std::string_view text, std::uint8_t &orders) noexcept;
    static std::string two_readings(std::string_view text);

    void widen(std::int64_t line, std::string_view text, bool is_quoted);
    bool begin(std::int64_t line, std::string_view text);
    bool begin_commas(std::int64_t line, std::string_view text);
    bool begin_loose(std::int64_t line, std::string_view text);
    void become_text(std::int64_t line, std::string_view text, bool is_quoted);

    // inferred_type.cpp
    void decide_boolean(InferredType &result) const;
    void decide_number(InferredType &result, const Reading &reading) const;
    void decide_commas(InferredType &result) const;
    void decide_loose(InferredType &result) const;
    static TypeKind number_kind(const NumberFacts &facts) noexcept;
    TypeKind moment_type() const noexcept;
    TypeKind kind_so_far() const noexcept;

    InferenceOptions options_;
    bool may_be_null_ = false; // a marker is more than the empty text
    State state_ = State::none;
    std::int64_t values_ = 0;
    std::int64_t nulls_ = 0;
    Reading plain_;
    std::array<Reading, 2> others_;  // decimal comma, thousands comma
    bool has_comma_ = false;         // some value of state commas has one
    std::uint8_t truths_ = 0;        // kFalse, kTrue, kWord: what words of truth there were
    bool are_truths_numbers_ = true; // every word of truth so far is a number too
    MomentKind moment_ = MomentKind::none;
    std::uint8_t orders_ = 0;   // orders that read every date so far, a bit each
    char mark_ = '\0';          // between the parts of a date
    Sample first_;              // the value with which the state began
    std::string first_moments_; // of state loose: its two readings
    std::string reason_;        // of state text
    bool is_reason_notable_ = false;
};

} // namespace migrate::core::csv
