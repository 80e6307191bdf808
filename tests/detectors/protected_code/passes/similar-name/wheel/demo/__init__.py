import pytest
import pytz
