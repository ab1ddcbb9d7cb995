// --dtype auto: the arithmetic that `doctor` names.
#include <gtest/gtest.h>

#include <fstream>

#include "base/file.h"
#include "cli/executable.h"

namespace tripost {
namespace {

const std::string kBase = TRIPOST_SOURCE_DIR "/models/base";

class Dtype : public Executable {
 protected:
  // The log-probabilities of one text, as the file's bytes.
  std::string log_probabilities(const std::vector<std::string>& options) {
    std::ofstream(in("i")) << R"({"text": "((1 + 2 + 3) - (4 - 5 - 6)) ="})" << '\n';
    std::vector<std::string> words = {"logprobs", "--model",  kBase,  "--input",
                                      in("i"),    "--output", in("o")};
    words.insert(words.end(), options.begin(), options.end());
    const Finished finished = run(words);
    EXPECT_EQ(finished.code, 0) << finished.messages;
    return read_file(in("o"));
  }
};

TEST_F(Dtype, IsBfloat16OnlyWhereDoctorSaysThatThisProcessorComputesInIt) {
  const std::string doctor = run({"doctor"}).output;
  const bool narrow = doctor.find("auto means bfloat16 on this CPU") != std::string::npos;
  EXPECT_NE(narrow, doctor.find("auto means float32 on this CPU") != std::string::npos);
  EXPECT_EQ(narrow, doctor.find("avx512_bf16") != std::string::npos);
  const std::string chosen = log_probabilities({});
  EXPECT_EQ(chosen, log_probabilities({"--dtype", "auto"}));
  EXPECT_EQ(chosen, log_probabilities({"--dtype", narrow ? "bfloat16" : "float32"}));
  EXPECT_NE(chosen, log_probabilities({"--dtype", narrow ? "float32" : "bfloat16"}));
}

}  // namespace
}  // namespace tripost
