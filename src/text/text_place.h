// What stands before a text that is tokenised: some tokenizers put a blank there or not
// accordingly.
#pragma once

namespace tripost {

enum class TextPlace {
  kOpens,       // nothing
  kAfterToken,  // an added token
  kContinues,   // text that was tokenised before: nothing is put between
};

}  // namespace tripost
